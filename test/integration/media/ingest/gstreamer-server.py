"""GStreamer's RTSP server with several streams at once, one of them with B-frames.

Prints one line of JSON when it listens: {"open": port, "digest": port}. Ends when its standard input does.
"""
import json
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

VIDEO = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! "
STREAMS = {
    "/h264": VIDEO + "x264enc tune=zerolatency key-int-max=25 bitrate=300 ! rtph264pay name=pay0 pt=96",
    "/h264-aac": VIDEO
    + "x264enc tune=zerolatency key-int-max=25 bitrate=300 ! rtph264pay name=pay0 pt=96 "
    + "audiotestsrc is-live=true ! audio/x-raw,rate=16000,channels=1 ! avenc_aac ! rtpmp4gpay name=pay1 pt=97",
    "/h265-pcma": VIDEO
    + "x265enc tune=zerolatency key-int-max=25 bitrate=300 ! rtph265pay name=pay0 pt=96 "
    + "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
    "/b-frames": VIDEO
    + "x264enc bframes=3 b-adapt=false key-int-max=25 bitrate=300 ! video/x-h264,profile=main ! rtph264pay name=pay0 pt=96",
}


def listen(username=None, password=None):
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    if username is not None:
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_digest(username, password, token)
        server.set_auth(auth)
    for path, launch in STREAMS.items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch("( " + launch + " )")
        if username is not None:
            permissions = GstRtspServer.RTSPPermissions()
            permissions.add_permission_for_role("viewer", "media.factory.access", True)
            permissions.add_permission_for_role("viewer", "media.factory.construct", True)
            factory.set_permissions(permissions)
        server.get_mount_points().add_factory(path, factory)
    server.attach(None)
    return server


Gst.init(None)
loop = GLib.MainLoop()
open_server = listen()
digest_server = listen("admin", "geheim")
GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_HUP, lambda *_: loop.quit())
print(json.dumps({"open": open_server.get_bound_port(), "digest": digest_server.get_bound_port()}), flush=True)
loop.run()
