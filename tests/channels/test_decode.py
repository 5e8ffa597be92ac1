"""Every body a platform may post reads as its file says."""

import pytest

from tests.channels.payload_files import SOURCES, Sample, samples, shown


@pytest.mark.parametrize("sample", samples(), ids=str)
def test_what_is_read_from_a_body(sample: Sample) -> None:
    assert [shown(one) for one in SOURCES[sample.channel].normalise(sample.body)] == sample.read


@pytest.mark.parametrize("sample", samples(), ids=str)
def test_a_repeated_body_carries_the_same_event_ids(sample: Sample) -> None:
    normalise = SOURCES[sample.channel].normalise
    once, again = normalise(sample.body), normalise(sample.body)
    assert [one.event_ids for one in once] == [one.event_ids for one in again]


@pytest.mark.parametrize("channel", SOURCES)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"a=b"])
def test_nonsense_raises_so_that_it_is_put_aside(channel: str, body: bytes) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        SOURCES[channel].normalise(body)
