"""A WebRTC viewer that nobody here wrote: GStreamer's webrtcbin, receiving H.264 or H.265 and decoding it.

Prints its offer as a line of JSON, reads the answer as a line of JSON, then prints a line with the size of the picture and the
number of decoded frames whenever another 25 are decoded. Ends with its standard input.
"""
import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
codec = sys.argv[1]
loop = GLib.MainLoop()
pipeline = Gst.Pipeline.new("viewer")
webrtc = Gst.ElementFactory.make("webrtcbin", "webrtc")
webrtc.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
pipeline.add(webrtc)
parameters = ",packetization-mode=(string)1,profile-level-id=(string)42e01f" if codec == "H264" else ""
caps = Gst.Caps.from_string(f"application/x-rtp,media=video,encoding-name={codec},clock-rate=90000,payload=102{parameters}")
webrtc.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, caps)
decoded = 0


def say(message):
    print(json.dumps(message), flush=True)


def on_decoded(_identity, _buffer, pad):
    global decoded
    decoded += 1
    if decoded % 25 == 0:
        structure = pad.get_current_caps().get_structure(0)
        say({"width": structure.get_int("width")[1], "height": structure.get_int("height")[1], "decoded": decoded})


def on_pad(_webrtc, pad):
    if pad.direction != Gst.PadDirection.SRC:
        return
    name = codec.lower()
    chain = Gst.parse_bin_from_description(f"rtp{name}depay ! {name}parse ! avdec_{name} ! fakesink name=sink sync=false signal-handoffs=true", True)
    pipeline.add(chain)
    sink = chain.get_by_name("sink")
    sink.connect("handoff", lambda element, buffer, handoff_pad: on_decoded(element, buffer, handoff_pad))
    chain.sync_state_with_parent()
    pad.link(chain.get_static_pad("sink"))


def on_gathered(*_):
    if webrtc.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        return
    say({"offer": webrtc.get_property("local-description").sdp.as_text()})


def on_offer(promise, _element):
    promise.wait()
    # The description belongs to the reply, which must outlive it.
    reply = promise.get_reply()
    text = reply.get_value("offer").sdp.as_text()
    _, message = GstSdp.SDPMessage.new_from_text(text)
    offer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.OFFER, message)
    webrtc.emit("set-local-description", offer, Gst.Promise.new())


def read_answer():
    line = sys.stdin.readline()
    if line:
        _, message = GstSdp.SDPMessage.new_from_text(json.loads(line)["answer"])
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        webrtc.emit("set-remote-description", answer, Gst.Promise.new())
        sys.stdin.read()
    loop.quit()


webrtc.connect("pad-added", on_pad)
webrtc.connect("notify::ice-gathering-state", on_gathered)
pipeline.set_state(Gst.State.PLAYING)
webrtc.emit("create-offer", None, Gst.Promise.new_with_change_func(on_offer, webrtc))
threading.Thread(target=read_answer, daemon=True).start()
loop.run()
pipeline.set_state(Gst.State.NULL)
