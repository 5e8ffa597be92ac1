"""A sheet as CSV that spreadsheets read as text, and as PDF over several pages."""

from core.sheets import Sheet, csv_of
from templates.report.sheet import pdf_of

ROWS = [("TRN-1", "Zoë Müller", '=HYPERLINK("http://evil")', 3, None), ("TRN-2", "<b>Ana</b> & Co", "a, b", 4, "x")]
SHEET = Sheet("Overdue", "two", ("Training", "Employee", "Course", "Days", "Until"), (1, 2, 2, 1, 1), ROWS)


def test_a_csv_has_its_mark_and_no_formula() -> None:
    assert csv_of(SHEET).decode("utf-8-sig").splitlines() == [
        "Training,Employee,Course,Days,Until",
        """TRN-1,Zoë Müller,"'=HYPERLINK(""http://evil"")",3,""",
        'TRN-2,<b>Ana</b> & Co,"a, b",4,x',
    ]
    assert csv_of(SHEET).startswith(b"\xef\xbb\xbf")


def test_a_pdf_takes_what_people_write_and_as_many_pages_as_it_needs() -> None:
    short = pdf_of(SHEET)
    long = pdf_of(Sheet("Overdue", "many", SHEET.columns, SHEET.widths, ROWS * 1_500))
    assert short.startswith(b"%PDF-")
    assert short.count(b"/Type /Page\n") == 1
    assert long.count(b"/Type /Page\n") > 30
