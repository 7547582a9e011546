"""Repositories of the AT Protocol: CAR exports, unpacked ones, and the blobs beside them."""
