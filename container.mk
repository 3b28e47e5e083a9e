# The container: make up | dev-container | down | logs | shell | update | backup | restore | image — see docs/deploy/README.md
.PHONY: up dev-container down logs shell update backup restore image

up dev-container down logs shell update backup image:
	@scripts/container.sh $@

# make restore FILE=aikore-20260101T000000Z.tar.gz
restore:
	@scripts/container.sh restore '$(FILE)'
