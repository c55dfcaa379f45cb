"""Turns: what ends while it waits, in whatever order, leaves every other turn as it should be."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.errors import BusyError
from api.http.turns import Turns


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def test_a_turn_given_back_right_after_its_next_one_left_is_not_lost() -> None:
    async def scene() -> None:
        turns = Turns(most=1, each=1, room=5, seconds=60)
        await turns.take("a")
        leaving, staying = asyncio.ensure_future(turns.take("b")), asyncio.ensure_future(turns.take("c"))
        await asyncio.sleep(0)
        leaving.cancel()
        turns.give_back("a")  # before `leaving` has run again
        await asyncio.wait_for(staying, 5)
        assert leaving.cancelled()

    run(scene())


def test_a_turn_given_back_as_the_time_of_the_next_is_up_is_not_lost() -> None:
    async def scene() -> None:
        turns = Turns(most=1, each=1, room=5, seconds=0.01)
        await turns.take("a")
        late = asyncio.ensure_future(turns.take("b"))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(
            0.01, turns.give_back, "a"
        )  # in one round of the loop with the end of the wait
        outcome = (await asyncio.gather(late, return_exceptions=True))[0]
        if outcome is None:
            turns.give_back("b")
        else:
            assert isinstance(outcome, BusyError)
        await asyncio.sleep(0.02)
        await turns.take("c")

    run(scene())


def test_who_finds_the_queue_full_is_told_so() -> None:
    async def scene() -> None:
        turns = Turns(most=1, each=1, room=1, seconds=60)
        await turns.take("a")
        first = asyncio.ensure_future(turns.take("b"))
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await turns.take("b")
        turns.give_back("a")
        await first

    run(scene())


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(("stays", "leaves", "is late"))), max_size=12),
    st.randoms(use_true_random=False),
)
def test_in_whatever_order_they_come_and_go_all_turns_come_back(askers: list[tuple[str, str]], chance: Any) -> None:
    async def ask(turns: Turns, client: str) -> None:
        try:
            async with turns.turn(client):
                await asyncio.sleep(0)
        except BusyError:
            return

    async def scene() -> None:
        turns = Turns(most=2, each=1, room=4, seconds=60)
        tasks = []
        for client, manner in askers:
            task = asyncio.ensure_future(ask(turns, client))
            tasks.append(task)
            for _ in range(chance.randrange(3)):
                await asyncio.sleep(0)
            if manner == "leaves":
                chance.choice(tasks).cancel()
        outcomes = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
        assert all(outcome is None or isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
        for client in "de":  # both turns are free again, and nobody waits
            await asyncio.wait_for(turns.take(client), 5)

    run(scene())
