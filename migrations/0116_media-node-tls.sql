-- Whether a node's media port speaks TLS: then browsers are told https and wss, whatever the page came by.
alter table media_nodes add column uses_tls boolean not null default false;
comment on column media_nodes.uses_tls is 'The media port speaks TLS; with public_url null browsers get https';
