"""Reads config/banks/*.toml into the shelf of products. An unknown key refuses to start, naming file, key and value."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from kiosk.config import ConfigError, Table, Text, read_table
from kiosk.services.bank import rules
from kiosk.services.bank.rules import Advice, Bank, Disclosure, Product, Question, Shelf, Tongues

Day = Annotated[date | None, BeforeValidator(lambda value: None if value == "" else value)]
Won = Annotated[int, Field(gt=0, le=10**12)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]
#: What must be told before an application is taken, by kind (Financial Consumer Protection Act): for whom the
#: branch acts, rate, arrears, early repayment, withdrawal, right to a rate cut, no broker's fee, credit and complaints.
REQUIRED = {"loan": ("agent", "rate", "overdue", "early", "withdraw", "rate_cut", "no_brokerage", "record")}
Paper = Literal["income", "employment", "other_income", "residence", "business"]


class Pair(Table):
    """One text in Korean and English."""

    ko: Text
    en: Text

    def read(self) -> Tongues:
        """As the rules have it."""
        return Tongues(self.ko, self.en)


class BankTable(Table):
    """[bank]."""

    code: Annotated[str, Field(pattern=r"^\d{3}$")]
    name: Pair
    telephone: Annotated[str, Field(pattern=r"^\d{2,4}(-\d{3,4}){1,2}$")]
    demonstration: bool


class DisclosureTable(Table):
    """[[products.disclosures]]."""

    id: Id
    title: Pair
    body: Pair


class QuestionTable(Table):
    """[[products.questions]]."""

    id: Id
    text: Pair
    hoped: bool
    otherwise: Literal["papers", "officer"] = Field(alias="else")
    paper: Paper | None = None

    @model_validator(mode="after")
    def _names_its_paper(self) -> QuestionTable:
        if (self.otherwise == "papers") != (self.paper is not None):
            raise ValueError('else = "papers" names a paper, and else = "officer" none; correct `paper`')
        return self


class ProductTable(Table):
    """[[products]]."""

    id: Id
    kind: Literal["loan", "saving", "insurance"]
    name: Pair
    rate_low: Annotated[int, Field(ge=0, le=10_000)]
    rate_high: Annotated[int, Field(ge=0, le=10_000)]
    rate_basis: Pair
    least_won: Won
    most_won: Won
    months: Annotated[tuple[Annotated[int, Field(gt=0, le=600)], ...], Field(min_length=1, max_length=6, strict=False)]
    fees: Annotated[tuple[Pair, ...], Field(strict=False)]
    documents: Annotated[tuple[Paper, ...], Field(max_length=6, strict=False)]
    disclosures: Annotated[tuple[DisclosureTable, ...], Field(strict=False)] = ()
    questions: Annotated[tuple[QuestionTable, ...], Field(strict=False)] = ()
    intake: bool
    valid_from: date
    source: Text
    trust: Literal["OFF", "NEWS", "BLOG", "MEM", "DEMO"]
    verified_on: Day

    @model_validator(mode="after")
    def _ordered(self) -> ProductTable:
        if self.rate_low > self.rate_high:
            raise ValueError("rate_low is above rate_high; write the lower rate as rate_low")
        if self.least_won > self.most_won:
            raise ValueError("least_won is above most_won; write the smaller sum as least_won")
        if self.intake and not self.disclosures:
            raise ValueError("an application needs at least one disclosure; add it, or write intake = false")
        told = {each.id for each in self.disclosures}
        if self.intake and (lacking := [id_ for id_ in REQUIRED.get(self.kind, ()) if id_ not in told]):
            raise ValueError(f'the disclosure "{lacking[0]}" is missing; add it, or write intake = false')
        return self


class FileTable(Table):
    """config/banks/<code>.toml."""

    bank: BankTable
    products: Annotated[tuple[ProductTable, ...], Field(min_length=1, strict=False)]


def read_shelf(folder: Path, production: bool = False) -> Shelf:
    """Every product of the folder, or ConfigError with one line."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise ConfigError(f"{folder}: no bank's file here; put one *.toml per bank there, or name another folder")
    products: list[Product] = []
    banks: dict[str, Bank] = {}
    for path in files:
        table = read_table(path, FileTable)
        bank = Bank(table.bank.code, table.bank.name.read(), table.bank.telephone, table.bank.demonstration)
        if bank.code in banks:
            raise ConfigError(f'{path}: bank.code = "{bank.code}": another file has this code; each bank has one file')
        if production and bank.demonstration:
            raise ConfigError(f"{path}: bank.demonstration = true: production takes no invented figures; remove it")
        banks[bank.code] = bank
        for each in table.products:
            products.append(_product(path, each, bank, products))
    return Shelf(tuple(products), banks)


def _product(path: Path, said: ProductTable, bank: Bank, known: list[Product]) -> Product:
    if any(product.id == said.id for product in known):
        raise ConfigError(f'{path}: products.id = "{said.id}": this id is taken; give each product its own')
    return Product(
        said.id, bank, said.kind, said.name.read(), said.rate_low, said.rate_high, said.rate_basis.read(),
        said.least_won, said.most_won, said.months, tuple(fee.read() for fee in said.fees), said.documents,
        tuple(Disclosure(each.id, each.title.read(), each.body.read()) for each in said.disclosures),
        tuple(_question(each) for each in said.questions),
        said.intake, said.valid_from, said.source, said.trust, said.verified_on,
    )  # fmt: skip


def _question(said: QuestionTable) -> rules.Question:
    return Question(said.id, said.text.read(), said.hoped, Advice(said.otherwise), said.paper or "")
