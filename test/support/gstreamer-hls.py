"""Plays an HLS URL with GStreamer, decodes it, and says in a line of JSON what it saw.

    gstreamer-hls.py URL hlsdemux|hlsdemux2 SECONDS

Video and sound go to sinks that show nothing but keep time. Ends after SECONDS of video, with the first error, or after SECONDS + 60.
"""
import json
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

url, demuxer, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
Gst.init(None)
registry = Gst.Registry.get()
for name in ("hlsdemux", "hlsdemux2"):
    registry.find_feature(name, Gst.ElementFactory.__gtype__).set_rank(512 if name == demuxer else 0)
seen = {"frames": 0, "seconds": 0.0, "audioBuffers": 0, "complaints": [], "demuxers": []}
first = None
pipeline = Gst.Pipeline.new()
# The newer demuxer works only within bins that know streams.
source = Gst.ElementFactory.make("uridecodebin3" if demuxer == "hlsdemux2" else "uridecodebin")
source.set_property("uri", url)
pipeline.add(source)
loop = GLib.MainLoop()


def on_video(sink, buffer, pad):
    global first
    if first is None:
        first = buffer.pts
    seen["frames"] += 1
    seen["seconds"] = max(seen["seconds"], (buffer.pts + max(buffer.duration, 0) - first) / Gst.SECOND)
    if seen["seconds"] >= seconds:
        loop.quit()


def on_audio(sink, buffer, pad):
    seen["audioBuffers"] += 1


def on_pad(element, pad):
    caps = pad.get_current_caps() or pad.query_caps(None)
    is_video = caps.to_string().startswith("video")
    sink = Gst.ElementFactory.make("fakesink")
    sink.set_property("sync", True)
    sink.set_property("signal-handoffs", True)
    sink.connect("handoff", on_video if is_video else on_audio)
    pipeline.add(sink)
    sink.sync_state_with_parent()
    pad.link(sink.get_static_pad("sink"))


def on_message(bus, message):
    if message.type == Gst.MessageType.ERROR:
        error, detail = message.parse_error()
        seen["complaints"].append(f"error: {error.message} {detail}")
        loop.quit()
    elif message.type == Gst.MessageType.WARNING:
        warning, detail = message.parse_warning()
        seen["complaints"].append(f"warning: {warning.message} {detail}")
    elif message.type == Gst.MessageType.EOS:
        seen["complaints"].append("end of stream")
        loop.quit()


def on_element(bin_, sub_bin, element):
    factory = element.get_factory()
    if factory is not None and factory.get_name().startswith("hlsdemux"):
        seen["demuxers"].append(factory.get_name())


source.connect("pad-added", on_pad)
pipeline.connect("deep-element-added", on_element)
bus = pipeline.get_bus()
bus.add_signal_watch()
bus.connect("message", on_message)
pipeline.set_state(Gst.State.PLAYING)
GLib.timeout_add_seconds(int(seconds) + 60, loop.quit)
loop.run()
pipeline.set_state(Gst.State.NULL)
print(json.dumps(seen))
