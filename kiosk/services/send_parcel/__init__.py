"""Send a parcel: from the scale to the receipt."""
