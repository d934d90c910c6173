"""The measurer: rig, tags, what the net sees, cuboid geometry, answer or refusal, worker process."""
