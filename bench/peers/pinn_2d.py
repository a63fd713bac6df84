"""Poisson's equation in the unit square by a physics-informed network: pinn.py with d = 2."""
from pinn import *  # noqa: F401,F403

SIZES = {
    'full': dict(dimension=2, width=64, depth=3, points=4096, boundary=256, infer='value'),
    'tiny': dict(dimension=2, width=8, depth=3, points=64, boundary=16, infer='value'),
}
