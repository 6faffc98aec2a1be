"""Serves one RTSP stream with GStreamer's RTSP server, a camera that nobody of this project wrote.

    gstreamer-camera.py '{"video": "h264", "audio": "aac", "username": "admin", "password": "x", ...}'

Prints one line of JSON, {"port": …}, when it listens; ends when its standard input does.
"""

import json
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

VIDEO = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast bframes=0 bitrate={kbps} key-int-max={gop}"
    " ! video/x-h264,profile=main ! h264parse ! rtph264pay name=pay0 pt=96 config-interval={config}",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast bitrate={kbps} key-int-max={gop}"
    " ! h265parse ! rtph265pay name=pay0 pt=96 config-interval={config}",
}
AUDIO = {
    "aac": "audioconvert ! audioresample ! audio/x-raw,rate=16000,channels=1 ! {aac} ! aacparse"
    " ! rtpmp4gpay name=pay1 pt=97",
    "pcma": "audioconvert ! audioresample ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
    "pcmu": "audioconvert ! audioresample ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0",
}
AAC_ENCODERS = ("fdkaacenc", "voaacenc", "avenc_aac", "faac")


def launch_line(options):
    """The pipeline, or SystemExit naming the element that is missing."""
    needed = {"h264": "x264enc", "h265": "x265enc"}[options["video"]]
    if Gst.ElementFactory.find(needed) is None:
        raise SystemExit(f"GStreamer has no element {needed}")
    parts = [
        "videotestsrc is-live=true pattern=ball"
        " ! video/x-raw,width={width},height={height},framerate={fps}/1,format=I420 ! ".format(**options)
        + VIDEO[options["video"]].format(
            kbps=options["kbps"], gop=options["fps"] * 2, config=-1 if options["inBand"] else 0
        )
    ]
    if options["audio"] != "none":
        aac = next((name for name in AAC_ENCODERS if Gst.ElementFactory.find(name)), None)
        if options["audio"] == "aac" and aac is None:
            raise SystemExit("GStreamer has no AAC encoder: " + ", ".join(AAC_ENCODERS))
        parts.append("audiotestsrc is-live=true wave=ticks ! " + AUDIO[options["audio"]].format(aac=aac))
    return "( " + " ".join(parts) + " )"


def require_digest(server, factory, username, password):
    """Makes the stream ask for Digest credentials."""
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(username, password, token)
    server.set_auth(auth)
    factory.add_role_from_structure(
        Gst.Structure.new_from_string("viewer,media.factory.access=(boolean)true,media.factory.construct=(boolean)true")
    )


def main():
    options = json.loads(sys.argv[1])
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options["port"]))
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(launch_line(options))
    factory.set_shared(True)
    if options["username"] is not None:
        require_digest(server, factory, options["username"], options["password"])
    server.get_mount_points().add_factory("/stream", factory)
    if server.attach(None) == 0:
        raise SystemExit(f"port {options['port']} is not free")
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop.run()


main()
