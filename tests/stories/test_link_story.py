"""A customer sends a parcel through the link alone, without any screen."""

import pytest

from tests.branch import Branch, Customer, to_end, to_review


@pytest.mark.branch
@pytest.mark.xdist_group("branch")
def test_a_parcel_goes_through_the_link() -> None:
    with Branch() as branch, branch.bench() as bench:
        customer = Customer(branch.run / "link.sock")
        to_review(customer, bench)
        to_end(customer, bench)
        customer.close()
        kinds = [line["kind"] for line in branch.journal()]
        assert [k for k in kinds if k in ("Paid", "LabelPrinted", "LabelScanned", "HatchClosed", "VisitClosed")] == [
            "Paid", "LabelPrinted", "LabelScanned", "HatchClosed", "VisitClosed",
        ]  # fmt: skip
