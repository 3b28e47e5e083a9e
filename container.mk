# The container: see docs/deploy/README.md, and the head of scripts/container.sh for what can be told to each.
.PHONY: up down logs shell update backup restore image report dev-container

up down logs shell update image report dev-container:
	@scripts/container.sh $@

# make backup [FILE=/path/of/a/copy.tar.gz]; make restore FILE=aikore-20260101T000000Z.tar.gz, or a path
backup restore:
	@scripts/container.sh $@ '$(FILE)'
