"""The Laplacian of a network in 10 dimensions, and training on it: pinn.py with d = 10."""
from pinn import *  # noqa: F401,F403

SIZES = {
    'full': dict(dimension=10, width=64, depth=3, points=1000, boundary=200, infer='laplacian'),
    'tiny': dict(dimension=10, width=8, depth=3, points=16, boundary=20, infer='laplacian'),
}
