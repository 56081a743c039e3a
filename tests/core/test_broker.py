"""The broker in a folder: messages are delivered once, in order, and a broken one hurts nobody."""

import json
import multiprocessing
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

TRANSPORT = "catalog_project.broker:Transport"


def connect(folder):
    return Connection(
        "folder://localhost", transport=TRANSPORT, transport_options={"folder": str(folder), "polling_interval": 0.01}
    )


@pytest.fixture
def queue(tmp_path):
    with connect(tmp_path) as connection:
        yield connection.SimpleQueue(Queue("celery", routing_key="celery"))


def files(folder):
    return sorted(file.name for file in (folder / "celery").iterdir())


def test_empty_queue_of_a_folder_that_does_not_exist_is_empty(queue, tmp_path):
    assert not list(tmp_path.iterdir())
    with pytest.raises(Empty):
        queue.get_nowait()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"properties": {}}',
        b'{"properties": null, "body": 1}',
        b'{"properties": {"delivery_tag": 1, "delivery_info": {}, "body_encoding": "base64"}, "body": "abc"}',
        b'{"properties": {"delivery_tag": 1, "delivery_info": {}, "body_encoding": "rot13"}, "body": "x"}',
    ],
)
def test_broken_message_is_dropped_with_a_warning_and_the_next_one_arrives(queue, tmp_path, content, caplog):
    (tmp_path / "celery").mkdir()
    (tmp_path / "celery" / "00000-broken.json").write_bytes(content)
    queue.put({"number": 1})
    assert queue.get(timeout=5).payload == {"number": 1}
    assert files(tmp_path) == []
    assert "dropped a message that cannot be read" in caplog.text


def test_folder_in_place_of_a_message_does_not_stop_the_others(queue, tmp_path):
    (tmp_path / "celery" / "00000-folder.json").mkdir(parents=True)
    queue.put("after")
    assert queue.get(timeout=5).payload == "after"


def test_messages_arrive_in_the_order_in_which_they_were_sent(queue):
    for number in range(20):
        queue.put(number)
    assert queue.qsize() == 20
    assert [queue.get(timeout=5).payload for _ in range(20)] == list(range(20))


def test_unfinished_message_is_not_seen(queue, tmp_path):
    (tmp_path / "celery").mkdir()
    (tmp_path / "celery" / ".00000-unfinished.json").write_text("{")
    assert queue.qsize() == 0
    with pytest.raises(Empty):
        queue.get_nowait()


def test_message_that_was_not_acknowledged_goes_back_when_the_connection_closes(tmp_path, capsys):
    with connect(tmp_path) as connection:
        simple = connection.SimpleQueue(Queue("celery", routing_key="celery"))
        simple.put("work")
        simple.get(timeout=5)
        assert files(tmp_path) == []
    assert len(files(tmp_path)) == 1
    with connect(tmp_path) as connection:
        again = connection.SimpleQueue(Queue("celery", routing_key="celery")).get(timeout=5)
        assert again.payload == "work"
        again.ack()
    assert files(tmp_path) == []


def test_clearing_a_queue_removes_its_messages_only(queue, tmp_path):
    queue.put(1)
    queue.put(2)
    other = tmp_path / "celery" / ".note"
    other.write_text("")
    assert queue.clear() == 2
    assert files(tmp_path) == [".note"]


def test_queue_name_cannot_leave_the_folder(tmp_path):
    folder = tmp_path / "broker"
    with connect(folder) as connection:
        connection.SimpleQueue(Queue("../escaped", routing_key="../escaped")).put(1)
    assert [path.name for path in tmp_path.iterdir()] == ["broker"]


def test_what_is_meant_for_everybody_is_not_kept(tmp_path):
    with connect(tmp_path) as connection:
        events = Exchange("celeryev", type="topic")
        connection.Producer().publish(
            {"type": "heartbeat"}, exchange=events, routing_key="worker.heartbeat", declare=[events]
        )
    assert list(tmp_path.iterdir()) == []


def _drain(folder, results):
    with connect(folder) as connection:
        simple = connection.SimpleQueue(Queue("celery", routing_key="celery"))
        while True:
            try:
                message = simple.get(timeout=2)
            except Empty:
                return
            results.put(message.payload)
            message.ack()


def test_readers_that_compete_get_each_message_exactly_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    readers = [context.Process(target=_drain, args=(tmp_path, results)) for _ in range(2)]
    for reader in readers:
        reader.start()
    with connect(tmp_path) as connection:
        simple = connection.SimpleQueue(Queue("celery", routing_key="celery"))
        for number in range(200):
            simple.put(number)
    received = sorted(results.get(timeout=30) for _ in range(200))
    for reader in readers:
        reader.join(timeout=30)
    assert received == list(range(200))
    assert files(tmp_path) == []


def test_message_is_plain_json_on_disk(queue, tmp_path):
    queue.put({"a": 1})
    (file,) = (tmp_path / "celery").iterdir()
    assert json.loads(file.read_text())["properties"]["delivery_info"]["routing_key"] == "celery"
