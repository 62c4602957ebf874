from django.core.files.uploadedfile import SimpleUploadedFile

from organisations.forms import ImportForm


def test_a_file_is_needed_and_what_is_in_it_is_not_judged_here():
    assert set(ImportForm({}, {}).errors) == {"table"}
    assert ImportForm({}, {"table": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}).is_valid()
