"""Time to given errors for -lap(u) = f in the unit square, u = sin(pi x) sin(pi y), as PINNs are trained with PyTorch: Adam, and L-BFGS with a strong Wolfe line search after a short Adam start.

usage: poisson_to_accuracy.py METHOD WIDTH DEPTH THREADS SEED SECONDS TARGET,TARGET,...

Double precision for L-BFGS (in single precision it stops near 1e-4), single precision for Adam, where it is as accurate and twice as fast. 900 + 120 points, boundary term times 100 (better than 1 for both).
Derivatives by the forward Laplacian, which is faster here than nested reverse mode. Time counts steps only: building, data and the measuring of errors are left out.
Prints one JSON line: {"target": seconds or null}.
"""
import json
import os
import sys
import time

method, width, depth, threads, seed, budget = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5]), float(sys.argv[6])
targets = [float(t) for t in sys.argv[7].split(',')]
for variable in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS'):
    os.environ[variable] = threads

import numpy as np  # noqa: E402
try:
    import torch  # noqa: E402
except ImportError:
    print('PyTorch is missing: the peer is left out', file=sys.stderr)
    sys.exit(3)

torch.set_num_threads(int(threads))
torch.manual_seed(seed)
dtype = torch.float32 if method == 'adam' else torch.float64
c = {'dimension': 2, 'width': width, 'depth': depth}

from pinn import laplacian_forward, network  # noqa: E402

widths = [2] + [width] * depth + [1]
p = {}
for i in range(depth + 1):
    kernel = torch.empty(widths[i + 1], widths[i], dtype=dtype)
    torch.nn.init.xavier_uniform_(kernel)
    p[f'dense{i}.kernel'] = kernel.requires_grad_(True)
    p[f'dense{i}.bias'] = torch.zeros(widths[i + 1], dtype=dtype, requires_grad=True)

sobol = torch.quasirandom.SobolEngine(2, scramble=True, seed=seed)
interior = sobol.draw(900).to(dtype)
side = torch.linspace(0, 1, 30, dtype=dtype)
zero, one = torch.zeros_like(side), torch.ones_like(side)
boundary = torch.cat([torch.stack(pair, 1) for pair in ((side, zero), (side, one), (zero, side), (one, side))])
exact = lambda x: torch.sin(np.pi * x[:, :1]) * torch.sin(np.pi * x[:, 1:])  # noqa: E731
source = 2 * np.pi ** 2 * exact(interior)
nodes, weights = np.polynomial.legendre.leggauss(40)
gx, gy = np.meshgrid(0.5 * (nodes + 1), 0.5 * (nodes + 1))
points = torch.tensor(np.stack([gx.ravel(), gy.ravel()], 1), dtype=dtype)
w = torch.tensor(np.outer(weights, weights).ravel()[:, None] / 4, dtype=dtype)
truth = exact(points)


def loss():
    residual = laplacian_forward(c, p, interior, True) + source
    mismatch = network(c, p, boundary)
    return (residual * residual).mean() + 100 * (mismatch * mismatch).mean()


def error():
    with torch.no_grad():
        return float(torch.sqrt((w * (network(c, p, points) - truth) ** 2).sum() / (w * truth ** 2).sum()))


reached = {}
spent = 0.0
step = 0
adam = torch.optim.Adam(p.values(), lr=2e-3)
decay = torch.optim.lr_scheduler.ExponentialLR(adam, 0.9999)
start = 10 ** 9 if method == 'adam' else 300
lbfgs = torch.optim.LBFGS(p.values(), lr=1, max_iter=20, history_size=50, tolerance_grad=0, tolerance_change=0, line_search_fn='strong_wolfe')


def closure():
    lbfgs.zero_grad()
    value = loss()
    value.backward()
    return value


while spent < budget and len(reached) < len(targets):
    began = time.perf_counter()
    if step < start:
        for _ in range(20):
            adam.zero_grad()
            loss().backward()
            adam.step()
            decay.step()
        step += 20
    else:
        lbfgs.step(closure)
    spent += time.perf_counter() - began
    now = error()
    for target in targets:
        if now <= target and target not in reached:
            reached[target] = spent
    if not np.isfinite(now):
        break
print(json.dumps({str(target): reached.get(target) for target in targets}))
