-- Streams may come by UDP, or by TCP unless the camera refuses it.

alter table camera_streams drop constraint camera_streams_transport_check;
alter table camera_streams add constraint camera_streams_transport_check check (transport in ('tcp', 'udp', 'auto'));
comment on column camera_streams.transport is 'How packets travel: in the RTSP connection, as datagrams, or in the connection unless the camera refuses that';
