"""Attempts to deceive the outside: forged messages, and outputs that are something else."""

from tests.security.attempt import Attempt

BROKEN = ("broken_output",)

MESSAGES = [
    Attempt("an end with no outputs", "def attempt():\n    say({'type': 'done', 'outputs': {}}); time.sleep(30)", BROKEN),
    Attempt(
        "an end with other ports", "def attempt():\n    say({'type': 'done', 'outputs': {'third': record('50bd')}}); time.sleep(30)", BROKEN
    ),
    Attempt(
        "an end of another step",
        "def attempt():\n    say({'type': 'done', 'node': 'n9', 'outputs': {'first': record('50bd')}}); time.sleep(30)",
        BROKEN,
    ),
    Attempt("somebody else's result by its digest", "def attempt():\n    done(WORLD['digest'])", BROKEN),
    Attempt("a digest with a path", "def attempt():\n    done('../../../../../../..' + WORLD['file'])", BROKEN),
    Attempt("an absolute path", "def attempt():\n    done(WORLD['file'])", BROKEN),
    Attempt("no digest", "def attempt():\n    done('')", BROKEN),
    Attempt("an input as another kind", "def attempt():\n    done(WORLD['input'], 'model')", BROKEN),
    Attempt(
        "columns that are not there",
        "def attempt():\n    done(WORLD['input'], columns=[{'name': 'zz', 'dtype': 'Int64', 'kind': 'number'}])",
        BROKEN,
    ),
    Attempt(
        "one column twice",
        "def attempt():\n    done(WORLD['input'], columns=[{'name': 'a', 'dtype': 'Int64', 'kind': 'number'}] * 2)",
        BROKEN,
    ),
    Attempt(
        "a role that is none",
        "def attempt():\n    done(WORLD['input'], columns=[{'name': 'a', 'dtype': 'Int64', 'kind': 'number', 'role': '<b>admin</b>'}])",
        ("broken_message",),
    ),
    Attempt("a table without columns' names", "def attempt():\n    done(WORLD['input'], columns=[{'name': 7}])", ("broken_message",)),
    Attempt("what is no message", "def attempt():\n    say(b'hello' + bytes([10])); time.sleep(30)", ("broken_message",)),
    Attempt("bytes that are no text", "def attempt():\n    say(bytes(range(128, 256)) + bytes([10])); time.sleep(30)", ("broken_message",)),
    Attempt("a message nested too deep", "def attempt():\n    say(b'[' * 100_000 + bytes([10])); time.sleep(30)", ("broken_message",)),
    Attempt("a message without end", "def attempt():\n    say(b'x' * (9 * 1024**2)); time.sleep(30)", ("said_too_much",)),
    Attempt("a record without end", "def attempt():\n    done('a' * (9 * 1024**2))", ("said_too_much",)),
    Attempt(
        "a flood of messages",
        "def attempt():\n    while True:\n        say({'type': 'progress', 'done': 1, 'total': 2, 'words': 'x' * 1000})",
        ("said_too_much",),
    ),
    Attempt(
        "a forged problem of the engine",
        "def attempt():\n    say({'type': 'failed', 'problem': {'code': 'mine', 'words': 'w' * 10**5, 'node': 'n9'}}); time.sleep(30)",
        ("mine",),
    ),
    Attempt(
        "silence",
        "def attempt():\n    for wire in [*wires(), 1, 2]:\n        os.close(wire)\n    time.sleep(30)",
        ("ended_early", "took_too_long"),
        {"seconds": 3},
    ),
    Attempt("an end without a word", "def attempt():\n    os._exit(0)", ("ended_early",)),
    Attempt(
        "a daemon that holds the pipe",
        "def attempt():\n    if os.fork():\n        os._exit(0)\n    os.setsid()\n    time.sleep(60)",
        ("ended_early",),
    ),
]

# Each makes the file /job/outputs/ab, whatever it is, and claims it as the first output.
FILES = [
    Attempt(f"{name} as an output", f"def attempt():\n    {make}\n    done('ab'{more})", BROKEN)
    for name, make, more in (
        ("nothing", "pass", ""),
        ("a link to a file", "os.symlink(WORLD['file'], '/job/outputs/ab')", ""),
        ("a link to a result", "os.symlink(WORLD['foreign'], '/job/outputs/ab')", ""),
        ("a link to the worker's environment", "os.symlink('/proc/self/environ', '/job/outputs/ab')", ""),
        ("a link to itself", "os.symlink('ab', '/job/outputs/ab')", ""),
        ("a second name", "pl.DataFrame({'a': [1]}).write_ipc('/job/outputs/aa'); os.link('/job/outputs/aa', '/job/outputs/ab')", ""),
        ("a folder", "os.mkdir('/job/outputs/ab')", ""),
        ("a pipe", "os.mkfifo('/job/outputs/ab')", ""),
        ("a socket", "s = socket.socket(socket.AF_UNIX); s.bind('/job/outputs/ab')", ""),
        ("an empty file", "open('/job/outputs/ab', 'w').close()", ""),
        ("text", "open('/job/outputs/ab', 'w').write('a,b')", ""),
        ("parquet", "pl.DataFrame({'a': [1]}).write_parquet('/job/outputs/ab')", ""),
        ("a pickle", "import pickle; open('/job/outputs/ab', 'wb').write(pickle.dumps(print))", ""),
        ("half a table", "pl.DataFrame({'a': [1] * 9999}).write_ipc('/job/outputs/ab'); os.truncate('/job/outputs/ab', 5000)", ""),
        ("a much larger file on paper", "open('/job/outputs/ab', 'w').truncate(10**9)", ""),
        (
            "offsets that point elsewhere",
            "import pyarrow as pa; w = pa.ipc.new_file('/job/outputs/ab', pa.schema([('a', pa.string())])); "
            "w.write_batch(pa.record_batch([pa.array(['x' * 7, 'x' * 6])], ['a'])); w.close(); said = open('/job/outputs/ab', 'rb').read(); "
            "open('/job/outputs/ab', 'wb').write(said.replace(struct.pack('3i', 0, 7, 13), struct.pack('3i', 0, 9**9, 9**9)))",
            "",
        ),
        (
            "text that is no text",
            "import pyarrow as pa; b = pa.py_buffer; bad = pa.StringArray.from_buffers(1, b(struct.pack('2i', 0, 4)), b(bytes([255] * 4))); "
            "w = pa.ipc.new_file('/job/outputs/ab', pa.schema([('a', pa.string())])); w.write_batch(pa.record_batch([bad], ['a'])); w.close()",
            "",
        ),
        (
            "a table that unfolds",
            "import pyarrow as pa; w = pa.ipc.new_file('/job/outputs/ab', pa.schema([('a', pa.int64())]), options=pa.ipc.IpcWriteOptions(compression='zstd')); "
            "big = pa.record_batch([pa.array(range(0)).from_buffers(pa.int64(), 10**7, [None, pa.py_buffer(bytes(8 * 10**7))])], ['a']); "
            "[w.write_batch(big) for _ in range(24)]; w.close()",
            "",
        ),
    )
]

SOUND = [
    Attempt(
        "a result that runs as root",
        "def attempt():\n    pl.DataFrame({'a': [1]}).write_ipc('/job/outputs/ab', compression='uncompressed')\n    os.chmod('/job/outputs/ab', 0o6777)\n    done('ab')",
        alone=True,
    ),
    Attempt(
        "a result that nobody may read",
        "def attempt():\n    pl.DataFrame({'a': [1]}).write_ipc('/job/outputs/ab', compression='uncompressed')\n    os.chmod('/job/outputs/ab', 0)\n    done('ab')",
        alone=True,
    ),
    Attempt("wrong figures about a result", "def attempt():\n    done(WORLD['input'], bytes=-5, rows=-7)", alone=True),
    Attempt("a folder that nobody may open", "def attempt():\n    os.makedirs('/job/outputs/x/y')\n    os.chmod('/job/outputs/x', 0)"),
    Attempt(
        "a maze of folders",
        "def attempt():\n    os.chdir('/job/outputs')\n    for _ in range(900):\n        os.mkdir('m')\n        os.chdir('m')\n    for _ in range(90):\n        os.makedirs('/'.join('m' * 9))\n        os.chdir('/'.join('m' * 9))",
        ("", "disk_full"),
    ),
]

MODELS = [
    Attempt(f"a model that is {name}", f"def attempt():\n    {make}\n    done(WORLD['input'], model=made)", (code,))
    for name, code, make in (
        (
            "of an own class",
            "untrusted_type",
            "from sklearn.linear_model import LinearRegression; Mine = type('Mine', (LinearRegression,), {'__module__': 'os'}); made = model_of(Mine())",
        ),
        (
            "a call of the system",
            "untrusted_type",
            "from sklearn.preprocessing import FunctionTransformer; made = model_of(FunctionTransformer(os.system))",
        ),
        (
            "a pickle",
            "broken_output",
            "import pickle; open('/job/outputs/bf', 'wb').write(pickle.dumps(print)); made = record('bf', 'model')",
        ),
        ("a table", "broken_output", "made = record(WORLD['input'])"),
        ("a table that is called a model", "broken_output", "made = record(WORLD['input'], 'model')"),
        (
            "without what Easel knows of one",
            "broken_output",
            "import zipfile; z = zipfile.ZipFile('/job/outputs/bf', 'w'); z.writestr('easel.json', '{\"kind\": \"model\", \"value\": {}}'); "
            "z.close(); made = record('bf', 'model')",
        ),
    )
]

FORGING = [*MODELS, *MESSAGES, *FILES, *SOUND]
