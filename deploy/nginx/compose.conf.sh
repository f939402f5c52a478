#!/bin/sh
# Run by the nginx image before nginx: the shipped file, with Call Manager and ITSM-NG by their names in compose.yaml.
set -eu
sed 's#http://127.0.0.1:8090#http://callmanager:8090#' /etc/nginx/callmanager.shipped >/etc/nginx/callmanager.conf
cat >/etc/nginx/conf.d/default.conf <<'END'
server {
    listen 80;
    include /etc/nginx/callmanager.conf;
    location / {
        # Documents of tickets; the limits of ITSM-NG's PHP are its own.
        client_max_body_size 128m;
        proxy_pass http://itsmng:8080;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
}
END
