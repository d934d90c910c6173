"""The bank counter: enquiry, intake, account services, and a shield against fraud. Approval stays with the bank."""
