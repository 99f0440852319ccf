"""The faults. Each function injects a batch of one fault into an arena whose runs are kept active."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tests.chaos.arena import ENDED_WITHIN, Arena
from tests.support.installation import Group, Unreachable, wait_until

Injection = Callable[[Arena, int], None]
BEYOND_A_LEASE = (21.0, 24.0)


def child(arena: Arena, count: int) -> None:
    """kill -9 of processes that execute steps, most of them in the middle of one."""
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.1, 0.9)  # a pool takes about a second to refill
        victims = arena.busy() if arena.rng.random() < 0.8 else arena.children()
        pid = arena.rng.choice(victims or wait_until(arena.children))
        at = time.time()
        os.kill(pid, signal.SIGKILL)
        arena.record_fault(at, [pid])


def worker(arena: Arena, count: int) -> None:
    """kill -9 of a worker's main process; its children die with it."""
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.1, 0.6)
        victim = arena.victim()
        pids, at = victim.pids, time.time()
        victim.kill()
        arena.record_fault(at, pids)
        arena.replace(victim)


def term(arena: Arena, count: int) -> None:
    """SIGTERM of a worker, to its main process or to its group as some supervisors do; no step may be lost by it."""
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.1, 0.6)
        victim, at = arena.victim(), time.time()
        if arena.rng.random() < 0.5:
            victim.tell(signal.SIGTERM)
        else:
            victim.process.terminate()
        arena.record_fault(at, victim.pids, loses=False)
        arena.replace(victim)
        _expect_end(arena, victim)


def _expect_end(arena: Arena, victim: Group) -> None:
    asked = time.monotonic()
    with suppress(AssertionError):
        wait_until(lambda: victim.process.poll() is not None, ENDED_WITHIN)
    arena.terms.append(time.monotonic() - asked)
    if victim.process.poll() is None:
        arena.violations.append(f"a worker still runs {ENDED_WITHIN} s after the signal to end")


def stop(arena: Arena, count: int) -> None:
    """Workers are stopped for longer than their leases, and continued."""
    hold_down(arena, count, lambda worker: worker.tell(signal.SIGSTOP), lambda worker: worker.tell(signal.SIGCONT))


def hold_down(arena: Arena, count: int, down: Callable[[Group], None], up: Callable[[Group], None]) -> None:
    """Hold a fault on several workers for longer than a lease, then undo it, each after its own time."""
    held: dict[Group, tuple[float, threading.Timer, list[int]]] = {}
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.1, 0.5)
        victim = arena.rng.choice([worker for worker in arena.ready() if worker not in held])
        pids, at = victim.pids, time.time()
        down(victim)
        wake = threading.Timer(arena.rng.uniform(*BEYOND_A_LEASE), up, [victim])  # on time, even if one of them holds SQLite's lock
        wake.daemon = True
        wake.start()
        held[victim] = (at, wake, pids)
    for at, wake, pids in held.values():
        while wake.is_alive():
            arena.keep_running()
            time.sleep(0.2)
        arena.record_fault(at, pids)


def broker(arena: Arena, count: int) -> None:
    """The broker is killed, and starts again empty."""
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.1, 1.0)
        arena.home.broker.end(signal.SIGKILL)
        at = time.time()
        if arena.rng.random() < 0.3:
            arena.start_run()  # its message is lost
        arena.pause(0, 0.3)
        arena.home.dismiss(arena.home.broker)
        arena.home.start_broker()
        arena.record_fault(at, loses=False, mutes=True)


def postgres(arena: Arena, count: int) -> None:
    """PostgreSQL is shut down immediately, dropping all connections, and started again."""
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.1, 1.0)
        at = time.time()
        arena.home.database.end(signal.SIGQUIT)
        if arena.rng.random() < 0.3:
            arena.start_run()
        arena.pause(0, 0.3)
        arena.home.dismiss(arena.home.database)
        arena.home.start_database()
        arena.record_fault(at)


def messages(arena: Arena, count: int) -> None:
    """Messages are lost, duplicated, shuffled, and published for runs that ended or never existed."""
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.05, 0.4)
        at = time.time()
        with suppress(Unreachable):
            arena.home.ask("disturb", how=arena.rng.choice(["lose", "double", "shuffle", "flood"]), seed=arena.rng.random())
        arena.record_fault(at, loses=False)


def cancel(arena: Arena, count: int) -> None:
    """Runs are cancelled at any moment, with long steps and steps that ignore SIGTERM among them."""
    for _ in range(count):
        longest = arena.rng.choice([2.0, 60.0])
        run = arena.start_run(longest=longest, deaf=0.4)
        arena.pause(0.0, 1.5)
        run.cancelled_at = at = time.time()
        arena.home.ask("cancel", run=run.id)
        arena.record_fault(at, loses=False)


def hang(arena: Arena, count: int) -> None:
    """The broker does not answer for a while, then continues."""
    for _ in range(count):
        arena.keep_running()
        arena.pause(0.1, 1.0)
        at = time.time()
        arena.home.broker.tell(signal.SIGSTOP)
        arena.start_run()
        arena.pause(1.0, 6.0)
        arena.home.broker.tell(signal.SIGCONT)
        arena.record_fault(at, loses=False, mutes=True)


def mixed(arena: Arena, count: int) -> None:
    """A random sequence of the short faults, on the same workers."""
    at_hand = [child, broker, hang, messages, cancel, worker, term, *([postgres] if hasattr(arena.home, "database") else [])]
    for _ in range(count):
        arena.rng.choice(at_hand)(arena, 1)
