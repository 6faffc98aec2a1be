"""Serves RTSP streams with GStreamer's RTSP server: cameras that nobody of this project wrote.

    gstreamer-camera.py '{"port": 0, "username": null, "password": null, "streams": [{"path": "/stream", "video": "h264", ...}]}'

A stream shows a moving ball, or with "feed" what another program sends as MPEG-TS on that local TCP port.
Prints one line of JSON, {"port": …}, when it listens; ends when its standard input does.
"""

import json
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

ENCODERS = {
    "h264": "x264enc tune=zerolatency speed-preset=ultrafast bframes=0 bitrate={kbps} key-int-max={gop}"
    " ! video/x-h264,profile=main",
    "h264-reordered": "x264enc speed-preset=ultrafast bframes=3 b-adapt=false bitrate={kbps} key-int-max={gop}"
    " ! video/x-h264,profile=main",
    "h265": "x265enc tune=zerolatency speed-preset=ultrafast bitrate={kbps} key-int-max={gop}",
    "h265-reordered": "x265enc speed-preset=ultrafast bitrate={kbps} key-int-max={gop} option-string=bframes=2:b-adapt=0:rc-lookahead=5",
}
VIDEO_PAYLOADERS = {
    "h264": "h264parse ! rtph264pay name=pay0 pt=96 config-interval={config}",
    "h264-reordered": "h264parse ! rtph264pay name=pay0 pt=96 config-interval={config}",
    "h265": "h265parse ! rtph265pay name=pay0 pt=96 config-interval={config}",
    "h265-reordered": "h265parse ! rtph265pay name=pay0 pt=96 config-interval={config}",
}
AUDIO_ENCODERS = {
    "aac": "audio/x-raw,rate=16000,channels=1 ! {aac}",
    "pcma": "audio/x-raw,rate=8000,channels=1 ! alawenc",
    "pcmu": "audio/x-raw,rate=8000,channels=1 ! mulawenc",
    "opus": "audio/x-raw,rate=48000,channels=1 ! opusenc",
}
AUDIO_PAYLOADERS = {
    "aac": "aacparse ! rtpmp4gpay name=pay1 pt=97",
    "pcma": "rtppcmapay name=pay1 pt=8",
    "pcmu": "rtppcmupay name=pay1 pt=0",
    "opus": "opusparse ! rtpopuspay name=pay1 pt=97",
}
AAC_ENCODERS = ("fdkaacenc", "voaacenc", "avenc_aac", "faac")


def launch_line(stream):
    """The pipeline, or SystemExit naming the element that is missing."""
    video = VIDEO_PAYLOADERS[stream["video"]].format(config=-1 if stream["inBand"] else 0)
    audio = AUDIO_PAYLOADERS.get(stream["audio"])
    if stream["feed"] is not None:
        source = f"tcpclientsrc host=127.0.0.1 port={stream['feed']} ! tsdemux name=feed"
        parts = [source, "feed. ! queue ! " + video]
        if audio is not None:
            parts.append("feed. ! queue ! " + audio)
        return "( " + " ".join(parts) + " )"
    encoder = ENCODERS[stream["video"]].format(kbps=stream["kbps"], gop=stream["fps"] * 2)
    if Gst.ElementFactory.find(encoder.split()[0]) is None:
        raise SystemExit(f"GStreamer has no element {encoder.split()[0]}")
    size = "video/x-raw,width={width},height={height},framerate={fps}/1,format=I420".format(**stream)
    parts = [f"videotestsrc is-live=true pattern=ball ! {size} ! {encoder} ! {video}"]
    if audio is not None:
        aac = next((name for name in AAC_ENCODERS if Gst.ElementFactory.find(name)), None)
        if stream["audio"] == "aac" and aac is None:
            raise SystemExit("GStreamer has no AAC encoder: " + ", ".join(AAC_ENCODERS))
        sound = AUDIO_ENCODERS[stream["audio"]].format(aac=aac)
        parts.append(f"audiotestsrc is-live=true wave=ticks ! audioconvert ! audioresample ! {sound} ! {audio}")
    return "( " + " ".join(parts) + " )"


def require_digest(server, username, password):
    """Makes the server ask for Digest credentials."""
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(username, password, token)
    server.set_auth(auth)


def main():
    options = json.loads(sys.argv[1])
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options["port"]))
    if options["username"] is not None:
        require_digest(server, options["username"], options["password"])
    for stream in options["streams"]:
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch_line(stream))
        factory.set_shared(True)
        if options["username"] is not None:
            factory.add_role_from_structure(
                Gst.Structure.new_from_string(
                    "viewer,media.factory.access=(boolean)true,media.factory.construct=(boolean)true"
                )
            )
        server.get_mount_points().add_factory(stream["path"], factory)
    if server.attach(None) == 0:
        raise SystemExit(f"port {options['port']} is not free")
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop.run()


main()
