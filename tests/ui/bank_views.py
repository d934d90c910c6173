"""Example views of every screen of the bank counter. Names, banks, rates and numbers are made up."""

from __future__ import annotations

from typing import Any

from kiosk.services.bank.account_views import SEND, WHAT
from kiosk.services.bank.contract_views import DONE, READ, SIGN
from kiosk.services.bank.views import APPOINT, FORM, HAND, KNOW, LOOK, STATUS, WHO

Json = dict[str, Any]
STEP = ("back", "cancel")
PRODUCT: Json = {
    "id": "hanbit-living", "name": "한빛 생활자금 대출", "bank": "한빛은행", "kind": "loan", "low": "4.25",
    "high": "9.90",
    "rated": True, "basis": "1년 변동, 금융채 12개월 기준",
    "fees": ["중도상환수수료 0.7%, 3년 뒤 없음", "인지세는 은행과 반씩 냅니다"], "least_won": 1_000_000,
    "most_won": 50_000_000, "months": [12, 24, 36, 60], "papers": ["income", "employment"], "intake": True,
    "telephone": "02-0000-0990", "valid_from": "2026-11-30", "demonstration": True,
}  # fmt: skip
OTHERS = [
    {**PRODUCT, "id": "hanbit-sunshine", "name": "한빛 햇살 서민 대출", "low": "5.50", "high": "10.50",
     "basis": "고정", "fees": ["중도상환수수료 없음"], "most_won": 20_000_000},
    {**PRODUCT, "id": "nuri-bridge", "name": "누리 징검다리 대출", "bank": "누리저축은행", "low": "6.90",
     "high": "15.90", "basis": "고정", "fees": ["중도상환수수료 1.5%, 2년 뒤 없음"], "most_won": 30_000_000},
]  # fmt: skip
POINTS = ["우체국은 신청만 받습니다", "이자는 연 4.25~9.90%입니다", "늦게 내면 이자가 더 붙습니다",
          "일찍 갚으면 수수료가 있습니다", "14일 안에 물릴 수 있습니다", "이자를 낮춰 달라고 하실 수 있습니다",
          "소개비는 없습니다", "대출은 신용에 영향을 줍니다"]  # fmt: skip
PAYEE = {"name": "김*수", "account": "**********1234", "bank": "누리저축은행"}
DESK = {"telephone": "02-0000-0000", "hours": "평일 09:00–18:00"}
BANKS = [{"code": "071", "name": "우체국 금융"}, {"code": "990", "name": "한빛은행"},
         {"code": "991", "name": "누리저축은행"}]  # fmt: skip
ENDED = {**PAYEE, "won": 1_250_000, "kind": "transfer", "due": "", "reference": "R-0000123", "slip": ""}
SLOTS = [f"2026-07-{day:02d}T{hour:02d}:00" for day in (7, 8, 9, 10, 13) for hour in (10, 11, 14, 15)]
ENTRY = {"at": "2026-07-06", "kind": "transfer_in", "won": 2_000_000, "balance_won": 12_345_678}
STOPS = ("shield.F1", "shield.F3", "shield.F6", "shield.F6.day", "shield.F10", "shield.F10.unknown")
PAUSED = {"part": 2, "after": "wait", "minutes": 30, "from": "14:35", "money": True, "bank": "02-0000-0990"}
STOPPED = {"part": 2, "reason": "shield.F1", "next": "shield.F1.next", "won": 500_000, "from": "14:35", "money": True,
           "bank": "02-0000-0990"}  # fmt: skip
REVIEW = {
    "name": "한빛 생활자금 대출", "bank": "한빛은행", "won": 10_000_000, "months": 36, "phone": "010-****-5678",
    "taken": ["income"], "later": ["employment"], "signed": "hand",
}  # fmt: skip
RECEIVED = {"reference": "HB-2026-000123", "what": "intake", "bank": "한빛은행", "when": "", "how": "", "slip": "",
            "later": []}  # fmt: skip

OFFERED = {"bank": "한빛은행", "reference": "HB-2026-000123", "telephone": "02-0000-0990", "n": 4,
           "until": "2026-07-09T17:20"}  # fmt: skip
CONTRACT = {**OFFERED, "won": 10_000_000, "product": "한빛 생활자금 대출 계약"}
CLAUSE = "이자는 연 6.20퍼센트로 하고, 6개월마다 금융채 6개월 금리에 맞추어 다시 정합니다. 바뀔 때마다 미리 알립니다."
SIGNED = {"bank": "한빛은행", "reference": "HB-2026-000123", "telephone": "02-0000-0990", "number": "990-C000123",
          "slip": ""}  # fmt: skip

BANK: list[tuple[str, str, Json, tuple[str, ...]]] = [
    ("start", "Start", {"kinds": ["loan", "saving", "insurance"], "account": True, "status": True},
     ("choose_kind", "cancel")),
    ("start-bare", "Start", {"kinds": ["loan", "saving"], "account": False, "status": False},
     ("choose_kind", "cancel")),
    ("products", "Products", {"kind": "loan", "products": [PRODUCT, *OTHERS]}, ("choose_product", "compare", *STEP)),
    ("compare", "Compare", {"kind": "loan", "products": [PRODUCT, *OTHERS]}, ("choose_product", *STEP)),
    ("product", "Product", PRODUCT, ("apply", "appoint", *STEP)),
    ("product-bare", "Product", {**PRODUCT, "papers": [], "fees": [], "rated": False}, ("appoint", *STEP)),
    ("disclose", "Disclose", {"id": "rate", "title": "이자는 연\n4.25~9.90%입니다", "at": 2, "of": 8, "points": POINTS,
                              "body": "신용에 따라 다르고, 1년마다 바뀝니다. 확정은 심사 뒤에 은행이 알려 드립니다."},
     ("understood", *STEP)),
    ("disclose-last", "Disclose",
     {"id": "record", "title": "대출은 신용에\n영향을 줍니다", "at": 8, "of": 8, "points": POINTS,
      "body": "대출 기록이 신용 점수에 반영됩니다. 불만은 은행 민원실이나 1332에 말씀하십시오."},
     ("understood", *STEP)),
    ("eligible", "Eligible", {"id": "income", "text": "최근 3달 동안\n소득이 있습니까?", "at": 2, "of": 3},
     ("reply", *STEP)),
    *((f"advice-{said}", "Advice", {"advice": said, "papers": papers, "bank": "한빛은행"},
       (*(("confirm",) if said != "officer" else ()), "appoint", *STEP))
      for said, papers in (("apply", ["income"]), ("papers", ["income", "employment", "other_income"]),
                           ("officer", []))),
    ("unproven", "Unproven", {"telephone": "02-0000-0990"}, ("confirm", "appoint", "back")),
    ("card", "Card", {}, STEP),
    *((f"working-{what}", "Working", {"what": what}, ("back",) if what == "asking" else ())
      for what in ("looking", "telling", "taking", "handing", "deciding", "asking", "sending")),
    ("ask-first", "AskFirst", {"n": 3, "reason": "shield.O2", "slip": ""}, ("begin", "slip", "cancel")),
    ("ask-first-unknown", "AskFirst", {"n": 3, "reason": "shield.F12.unknown", "slip": ""}, ("begin", "cancel")),
    ("ask-first-printed", "AskFirst", {"n": 4, "reason": "shield.F2", "slip": "printed"}, ("begin", "cancel")),
    *((f"ask-{q}", "Ask", {"question": q, "at": 1, "of": 3}, ("answer", "cancel"))
      for q in ("told", "call", "app", "prepay", "family", "secret")),
    *((f"stop-{reason[7:].lower().replace('.', '-')}", "Stop",
       {"part": 1, "reason": reason, "won": 500_000, "from": "14:35", "money": True, "bank": "02-0000-0990"},
       ("confirm", *(("officer",) if reason == "shield.F3" else ()), *(() if "F10" in reason else ("back",))))
      for reason in STOPS),
    ("stop-now", "Stop", {**STOPPED, "reason": "shield.F10", "next": "shield.F10.next"}, ("confirm",)),
    ("stop-now-block", "Stop", STOPPED, ("confirm", "block")),
    ("stop-now-officer", "Stop", {**STOPPED, "reason": "shield.O6", "next": ""}, ("confirm", "block")),
    ("block", "Block", {"blocks": ["lending", "remote_accounts", "open_banking"], "chosen": None},
     ("choose_block", *STEP)),
    *((f"block-{word}", "BlockSure", {"block": word}, ("confirm", *STEP))
      for word in ("lending", "remote_accounts", "open_banking")),
    ("blocked", "Blocked", {"block": "remote_accounts", "bank": "02-0000-0990"}, ("confirm",)),
    *((f"pause-{rule.lower()}", "Pause", {"part": 1, "reasons": [f"shield.{rule}"], "minutes": 30, "from": "14:35",
                                          "money": True, "bank": "02-0000-0990"}, ("officer", "insist", "cancel"))
      for rule in ("O3", "O4", "O5", "O6", "O8", "O8.after", "O9", "F1.unknown", "F8", "F11", "F12", "F14",
                   "F14.unknown")),
    ("pause-alone", "Pause", {**PAUSED, "part": 1, "reasons": ["shield.O6"], "money": False}, ("insist", "cancel")),
    ("pause-wait", "Pause", {**PAUSED, "reasons": ["shield.O3"]}, ("officer", "confirm", "back")),
    ("pause-wait-held", "Pause", {**PAUSED, "reasons": ["shield.O8"]}, ("block", "confirm", "back")),
    ("pause-wait-alone", "Pause", {**PAUSED, "after": "alone", "reasons": ["shield.O3"]}, ("confirm", "back")),
    ("pause-officer", "Pause", {**PAUSED, "after": "officer", "reasons": ["shield.F14"], "minutes": 0,
                                "from": ""},
     ("officer", "confirm", "back")),
    ("pause-block", "Pause", {**PAUSED, "reasons": ["shield.O3"]}, ("officer", "block", "confirm", "back")),
    ("pause-no-officer", "Pause", {**PAUSED, "after": "alone", "reasons": ["shield.F14"], "minutes": 0,
                                   "from": ""}, ("confirm", "back")),
    ("officer", "Officer", {"state": "waiting", "place": 2, "text": ""}, STEP),
    ("officer-taken", "Officer", {"state": "taken", "place": 0, "text": "5분쯤 기다려 주십시오."}, STEP),
    ("wish", "Wish", {"least_won": 1_000_000, "most_won": 50_000_000, "won": 0}, ("set_wish", "cancel")),
    ("wish-full", "Wish", {"least_won": 1_000_000, "most_won": 50_000_000, "won": 10_000_000}, ("set_wish", "cancel")),
    ("months", "Months", {"months": [12, 24, 36, 60], "chosen": 36}, ("choose_term", *STEP)),
    ("bank-phone", "Phone", {"digits": "01012345678"}, ("set_phone", *STEP)),
    ("papers", "Papers", {"paper": "income", "at": 1, "of": 2, "camera": True}, ("confirm", "later", *STEP)),
    ("papers-dark", "Papers", {"paper": "employment", "at": 2, "of": 2, "camera": False}, ("later", *STEP)),
    ("sign", "Sign", {}, ("sign", "sign_name", *STEP)),
    ("application", "Review", REVIEW, ("confirm", *STEP)),
    ("application-bare", "Review", {**REVIEW, "taken": [], "later": [], "signed": "name"}, ("confirm", *STEP)),
    ("doubt", "Doubt", {"key": "0a1b2c3d4e5f-h1", **DESK}, ("leave",)),
    ("received", "Received", RECEIVED, ("slip", "confirm")),
    ("received-printed", "Received", {**RECEIVED, "slip": "printed"}, ("confirm",)),
    ("received-failed", "Received", {**RECEIVED, "slip": "failed", "later": ["income"]}, ("confirm",)),
    ("appointed", "Received", {**RECEIVED, "what": "appoint", "when": "2026-07-07T10:00", "how": "phone"},
     ("slip", "confirm")),
    ("how", "How", {"ways": ["branch", "phone", "video"], "chosen": None}, ("choose_how", *STEP)),
    ("when", "When", {"slots": SLOTS, "how": "phone"}, ("choose_when", *STEP)),
    ("reference", "Reference", {"banks": BANKS, "text": ""}, ("set_reference", *STEP)),
    *((f"decision-{word or 'none'}", "Decision", {"word": word, "reference": "HB-2026-000123", "bank": "한빛은행",
                                                  "at": "2026-07-08" if word else "", "telephone": "02-0000-0990"},
       ("confirm", "back")) for word in ("examining", "approved", "refused", "more_papers", "")),
    ("decision-contract", "Decision", {"word": "approved", "reference": "HB-2026-000123", "bank": "한빛은행",
                                       "at": "2026-07-08", "telephone": "02-0000-0990"},
     ("contract", "confirm", "back")),
    ("contract", "Contract", OFFERED, ("confirm", *STEP)),
    ("contract-none", "Contract", {**OFFERED, "n": 0, "until": ""}, STEP),
    ("clause", "Clause", {"id": "rate", "title": "이자", "body": CLAUSE, "at": 2, "of": 4}, ("understood", *STEP)),
    ("clause-long", "Clause", {"id": "back", "title": "갚는 방법과 일찍 갚을 때의 수수료", "at": 40, "of": 40,
                               "body": "\n".join(f"{n}. {CLAUSE}" for n in range(1, 13))}, ("understood", *STEP)),
    *((f"contract-sure-{way}", "ContractSure", {**CONTRACT, "signed": way}, ("confirm", *STEP))
      for way in ("hand", "name")),
    ("contract-doubt", "ContractDoubt", {**CONTRACT, "key": "0a1b2c3d4e5f-h1"}, ("leave",)),
    ("contract-lost", "ContractDoubt", {**CONTRACT, "key": "0a1b2c3d4e5f-h1"}, ("confirm",)),
    ("signed", "Signed", SIGNED, ("slip", "confirm")),
    ("signed-printed", "Signed", {**SIGNED, "slip": "printed"}, ("confirm",)),
    ("account", "Account", {"card": "9410-12**-****-3456", "bank": "한빛은행",
                            "business": ["balance", "entries", "transfer", "delayed", "bill", "block"]},
     ("choose_business", "cancel")),
    ("balance", "Balance", {"won": 12_345_678, "available_won": 10_345_678}, ("confirm", "cancel")),
    ("entries", "Entries", {"entries": [{**ENTRY, "kind": kind} for kind in
                                        ("transfer_in", "transfer_out", "cash_in", "cash_out", "bill", "other")]},
     ("confirm", "cancel")),
    ("entries-none", "Entries", {"entries": []}, ("confirm", "cancel")),
    ("payee-bank", "PayeeBank", {"banks": BANKS, "chosen": None}, ("choose_bank", *STEP)),
    ("payee-number", "PayeeNumber", {"bank": "누리저축은행", "digits": "1234567890123456"}, ("set_account", *STEP)),
    ("bill", "Bill", {}, STEP),
    ("amount", "Amount", {**PAYEE, "won": 0, "bill": False}, ("set_amount", *STEP)),
    ("amount-bill", "Amount", {**PAYEE, "name": "서울시청", "won": 34_560, "bill": True}, ("set_amount", *STEP)),
    ("confirm", "Confirm", {**PAYEE, "won": 1_250_000, "kind": "transfer", "delay": True}, ("agree", *STEP)),
    ("confirm-delayed", "Confirm", {**PAYEE, "won": 99_999_999, "kind": "delayed", "delay": False}, ("agree", *STEP)),
    ("confirm-bill", "Confirm", {**PAYEE, "name": "서울시청", "won": 34_560, "kind": "bill", "delay": False},
     ("agree", *STEP)),
    *((f"order-{stage}", "Unsure", {"won": 1_250_000, "stage": stage, "key": "0a1b2c3d4e5f-1", **DESK}, ("leave",))
      for stage in ("enquiring", "reversing")),
    ("sent", "Sent", ENDED, ("slip", "confirm")),
    ("sent-delayed", "Sent", {**ENDED, "kind": "delayed", "due": "2026-07-06T17:20", "slip": "printing",
                              "telephone": DESK["telephone"]}, ("confirm",)),
    ("sent-bill", "Sent", {**ENDED, "name": "서울시청", "kind": "bill", "slip": "printed"}, ("confirm",)),
    ("taken-back", "TakenBack", {**ENDED, "slip": "failed"}, ("confirm",)),
]  # fmt: skip
#: The title and position of a screen, as the service's own views give them.
PLACES = {name: place for place, names in (
    (LOOK, "Products Compare Product"), (KNOW, "Disclose Eligible Advice"), (WHO, "Unproven"),
    (FORM, "Working Wish Months Phone Papers Sign"), (HAND, "Review Doubt Received"),
    (READ, "Contract Clause"), (SIGN, "ContractSure"), (DONE, "ContractDoubt Signed"),
    (APPOINT, "How When"), (STATUS, "Reference Decision"),
    (("bank.step.card", (1, 3)), "Card"), (WHAT, "Account Balance Entries PayeeBank PayeeNumber Bill Amount"),
    (SEND, "Confirm Unsure Sent TakenBack"), (("bank.step.pause", (1, 2)), "AskFirst Stop Pause"),
    (("bank.step.pause", (2, 2)), "Ask Officer"), (("", (0, 0)), "Start"),
    (("bank.step.block", (0, 0)), "Block BlockSure Blocked"),
) for name in names.split()}  # fmt: skip
