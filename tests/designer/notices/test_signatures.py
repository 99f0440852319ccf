from __future__ import annotations

import pytest

from designer.notices.signatures import BadSignature, headers, new_secret, sign, verify


def test_the_example_of_the_standard() -> None:
    """The test vector of Standard Webhooks."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    assert sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_was_signed_is_verified_and_nothing_else() -> None:
    secret, body = new_secret(), b"body"
    sent = headers(secret, "a", 1000, body)
    assert verify(secret, sent, body, 1299) == "a"
    both = {**sent, "webhook-signature": f"v1,AAAA {sent['webhook-signature']}"}
    assert verify(secret, both, body, 701) == "a"
    for wrong, text, now in ((sent, b"bodY", 1000), (sent, body, 1301), ({**sent, "webhook-id": "b"}, body, 1000), ({}, body, 1000)):
        with pytest.raises(BadSignature):
            verify(secret, wrong, text, now)
