# The container: make up | down | logs | shell | update | backup | restore | image — see docs/deploy/README.md
.PHONY: up down logs shell update backup restore image

up down logs shell update backup image:
	@scripts/container.sh $@

# make restore FILE=aikore-20260101T000000Z.tar.gz
restore:
	@scripts/container.sh restore '$(FILE)'
