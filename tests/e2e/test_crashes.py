"""No acknowledged stop is lost when the service is killed (kill -9) amid a stream of stops."""

from __future__ import annotations

from flask import Flask

from tests.e2e.conftest import Call, Serve
from tests.e2e.streams import not_denied, streaming
from tests.e2e.tables import in_force, replayed
from tests.length import length

STOPS = length(150, long=1_500)  # acknowledged before the crash


def test_kill_nine_of_gunicorn_loses_no_acknowledged_stop(
    app: Flask, serve: Serve, call: Call
) -> None:
    server = serve()
    with streaming(call(server.url)) as stream:
        stream.wait(lambda: len(stream.acknowledged()) >= STOPS)
        server.kill()
        stream.wait(lambda: any(answered.status == 0 for answered in list(stream.stops)))
    assert {answered.status for answered in stream.stops} == {0, 201}
    assert not_denied(call(serve().url), stream.acknowledged()) == []
    assert replayed(app) == in_force(app)
