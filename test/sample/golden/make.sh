#!/bin/sh
# Makes the golden files with netCDF-C (ncgen of package netcdf-bin): what our own writer must equal byte for byte.
set -e
cd "$(dirname "$0")"
for name in every-type one-record no-records; do
  ncgen -k classic -o "$name.nc" "$name.cdl"
  ncgen -k 64-bit-offset -o "$name.64-bit.nc" "$name.cdl"
done
