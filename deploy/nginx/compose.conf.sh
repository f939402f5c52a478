#!/bin/sh
# Run by the nginx image before nginx: the shipped file, with Call Manager and ITSM-NG by their names in compose.yaml. Names in
# variables are looked up when somebody asks: nginx would not start while one of them is away, and would know no new address.
set -eu
sed 's#http://127.0.0.1:8090#http://$callmanager#' /etc/nginx/callmanager.shipped >/etc/nginx/callmanager.conf
cat >/etc/nginx/conf.d/default.conf <<'END'
server {
    listen 80;
    # Docker's own.
    resolver 127.0.0.11 valid=5s ipv6=off;
    set $callmanager callmanager:8090;
    set $itsmng itsmng:8080;
    include /etc/nginx/callmanager.conf;
    location / {
        # Documents of tickets; the limits of ITSM-NG's PHP are its own.
        client_max_body_size 128m;
        proxy_pass http://$itsmng;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
END
