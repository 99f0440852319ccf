from __future__ import annotations

from designer.config.mail import mail_settings


def test_an_address_names_server_login_and_encryption() -> None:
    login = mail_settings("smtp://ann%40example.org:p%2Fw@mail.example.org")
    assert (login["EMAIL_HOST"], login["EMAIL_PORT"], login["EMAIL_USE_TLS"], login["EMAIL_USE_SSL"]) == (
        "mail.example.org",
        587,
        True,
        False,
    )
    assert (login["EMAIL_HOST_USER"], login["EMAIL_HOST_PASSWORD"]) == ("ann@example.org", "p/w")
    secure = mail_settings("smtps://mail.example.org:4650")
    assert (secure["EMAIL_PORT"], secure["EMAIL_USE_TLS"], secure["EMAIL_USE_SSL"]) == (4650, False, True)
    assert mail_settings("smtp://mail.example.org")["EMAIL_PORT"] == 25


def test_without_an_address_there_is_no_server() -> None:
    assert mail_settings("")["EMAIL_HOST"] == ""
