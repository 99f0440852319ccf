def test_it(capsys):
    with capsys.disabled():
        exec(open('/tmp/try_tune.py').read(), globals())
