"""What the corner net takes and gives; shared by training and measuring."""
NET_PX = (384, 288)
"""Width and height of the net's picture, pixels."""
CELL = 4
"""Picture pixels per output cell."""
TALL_MM = 560.0
"""Height above the zone that the canonical view covers, mm."""
CHANNELS = ("top_corner", "base_corner", "parcel", "top_face", "hand", "tube", "polybag", "irregular", "crowd")
"""Outputs in order; the manifest names them and a mismatch is refused. The last four are masks too: a parcel that is
no box by its kind, and all parcels where there is more than one."""
KINDS = ("tube", "polybag", "irregular")
"""Channels that name the kind of a parcel that is no box."""
