"""Peers of the benchmark poisson-3d: SciPy's conjugate gradients, PETSc's multigrid. One JSON line per method.

Usage: poisson-3d.py INTERVALS TOLERANCE [petsc]. With `petsc`, only PETSc runs: so it is started under mpiexec.
Assembly of the matrix is not timed; set-up (factorization, coarse grids) is.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import time

sys.path += glob.glob('/usr/lib/petscdir/*/*/lib/python3/dist-packages')
import numpy as np

intervals, tolerance = int(sys.argv[1]), float(sys.argv[2])
repetitions = 3


def report(name, seconds, error, iterations=None, processes=1):
    print(json.dumps({'name': name, 'seconds': seconds, 'error': error, 'processes': processes, **({} if iterations is None else {'iterations': iterations})}), flush=True)


def problem(x, y, z):
    """u = x(1 - x) exp(x) y^2 (1 - y) z (1 - z^2) and -h^2 (second derivatives) of it."""
    p, q, r = x * (1 - x) * np.exp(x), y * y * (1 - y), z * (1 - z * z)
    return p * q * r, (x * (x + 3) * np.exp(x) * q * r + p * (6 * y - 2) * r + p * q * 6 * z) / intervals ** 2


def scipy_peers():
    try:
        import scipy.sparse as sp
        import scipy.sparse.linalg as spla
    except ImportError:
        print('SciPy is missing: its solvers are left out', file=sys.stderr)
        return
    inner = np.arange(1, intervals) / intervals
    exact, f = problem(inner[None, None, :], inner[None, :, None], inner[:, None, None])
    m = intervals - 1
    line, one = sp.diags([-1, 2, -1], [-1, 0, 1], (m, m)), sp.eye(m)
    matrix = sp.kron(sp.kron(one, one), line) + sp.kron(sp.kron(one, line), one) + sp.kron(sp.kron(line, one), one)
    b = f.ravel()
    error = lambda u: float(np.linalg.norm(u - exact.ravel()) / np.linalg.norm(exact))
    rows = matrix.tocsr()
    count = [0]
    started = time.perf_counter()
    u, _ = spla.cg(rows, b, tol=tolerance, maxiter=100000, callback=lambda _: count.__setitem__(0, count[0] + 1))
    report('SciPy cg', time.perf_counter() - started, error(u), count[0])


configurations = {
    'cg, multigrid, Chebyshev and Jacobi': {'ksp_type': 'cg', 'pc_type': 'mg', 'mg_levels_ksp_type': 'chebyshev', 'mg_levels_pc_type': 'jacobi', 'mg_levels_ksp_max_it': 2},
    'cg, multigrid, symmetric SOR': {'ksp_type': 'cg', 'pc_type': 'mg', 'mg_levels_ksp_type': 'richardson', 'mg_levels_pc_type': 'sor', 'mg_levels_ksp_max_it': 1},
    'multigrid alone, SOR': {'ksp_type': 'richardson', 'pc_type': 'mg', 'mg_levels_ksp_type': 'richardson', 'mg_levels_pc_type': 'sor', 'mg_levels_ksp_max_it': 1},
    'full multigrid, SOR': {'ksp_type': 'richardson', 'pc_type': 'mg', 'pc_mg_type': 'full', 'mg_levels_ksp_type': 'richardson', 'mg_levels_pc_type': 'sor', 'mg_levels_ksp_max_it': 1},
    'cg, algebraic multigrid (GAMG)': {'ksp_type': 'cg', 'pc_type': 'gamg'},
}


def petsc_peers():
    try:
        import petsc4py
        petsc4py.init([])
        from petsc4py import PETSc
    except ImportError:
        print('petsc4py is missing: PETSc is left out', file=sys.stderr)
        return
    communicator = PETSc.COMM_WORLD
    size = communicator.getSize()
    # From 5 x 5 x 5 nodes upwards, so that the grids nest; operators of all grids and interpolations are made before the clock starts.
    grids = [PETSc.DMDA().create([5, 5, 5], stencil_width=1, stencil_type='box', comm=communicator)]
    while grids[-1].getSizes()[0] < intervals + 1:
        grids.append(grids[-1].refine())
    matrices = [laplacian(grid, PETSc) for grid in grids]
    interpolations = [grids[k].createInterpolation(grids[k + 1])[0] for k in range(len(grids) - 1)]
    grid, matrix = grids[-1], matrices[-1]
    b, u, exact = matrix.createVecLeft(), matrix.createVecRight(), matrix.createVecRight()
    i, j, k = nodes(grid)
    values, f = problem(i / intervals, j / intervals, k / intervals)
    exact.setArray(values)
    b.setArray(np.where((i > 0) & (i < intervals) & (j > 0) & (j < intervals) & (k > 0) & (k < intervals), f, 0))
    options = PETSc.Options()
    for name, choice in configurations.items():
        for key, value in choice.items():
            options[key] = value
        best = None
        for _ in range(repetitions):
            ksp = PETSc.KSP().create(communicator)
            ksp.setOperators(matrix)
            if choice['pc_type'] == 'mg':
                pc = ksp.getPC()
                pc.setType('mg')
                pc.setMGLevels(len(grids))
                for k, interpolation in enumerate(interpolations):
                    pc.setMGInterpolation(k + 1, interpolation)
                    smoother = pc.getMGSmoother(k)
                    smoother.setOperators(matrices[k])
            ksp.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
            ksp.setTolerances(rtol=tolerance, max_it=200)
            ksp.setFromOptions()
            u.set(0)
            communicator.barrier()
            started = time.perf_counter()
            ksp.setUp()
            ksp.solve(b, u)
            communicator.barrier()
            seconds = time.perf_counter() - started
            best = seconds if best is None else min(best, seconds)
            reason, iterations = ksp.getConvergedReason(), ksp.getIterationNumber()
            ksp.destroy()
        for key in choice:
            options.delValue(key)
        error = (u - exact).norm() / exact.norm()
        if communicator.getRank() == 0:
            if reason > 0:
                report(f'PETSc {name}' + (f', {size} processes' if size > 1 else ''), best, error, iterations, size)
            else:
                print(f'PETSc {name}: not converged ({reason}), left out', file=sys.stderr)


def nodes(grid):
    """Integer coordinates of this process' nodes, in its order."""
    (xs, xe), (ys, ye), (zs, ze) = grid.getRanges()
    k, j, i = np.meshgrid(np.arange(zs, ze), np.arange(ys, ye), np.arange(xs, xe), indexing='ij')
    return i.ravel(), j.ravel(), k.ravel()


def laplacian(grid, PETSc):
    """6 and six times -1 between inner nodes; the boundary holds 6 on the diagonal and nothing else. The factor 1/h of coarser grids (h^3 over h^2) keeps all of them consistent."""
    n = grid.getSizes()[0]
    scale = (intervals / (n - 1))
    i, j, k = nodes(grid)
    ordering = grid.getAO()
    inside = lambda p, q, r: (p > 0) & (p < n - 1) & (q > 0) & (q < n - 1) & (r > 0) & (r < n - 1)
    columns, values, keep = [], [], []
    for p, q, r, value in ((i, j, k, 6.0), (i - 1, j, k, -1.0), (i + 1, j, k, -1.0), (i, j - 1, k, -1.0), (i, j + 1, k, -1.0), (i, j, k - 1, -1.0), (i, j, k + 1, -1.0)):
        mask = np.ones(i.shape, bool) if value > 0 else inside(i, j, k) & inside(p, q, r)
        natural = np.where(mask, (r * n + q) * n + p, 0).astype(PETSc.IntType)
        columns.append(ordering.app2petsc(natural))
        values.append(np.full(i.shape, value * scale))
        keep.append(mask)
    keep = np.stack(keep, 1)
    columns, values = np.stack(columns, 1)[keep], np.stack(values, 1)[keep]
    offsets = np.concatenate([[0], np.cumsum(keep.sum(1))]).astype(PETSc.IntType)
    matrix = PETSc.Mat().createAIJ(size=((i.size, n ** 3), (i.size, n ** 3)), csr=(offsets, columns.astype(PETSc.IntType), values), comm=grid.getComm())
    matrix.assemble()
    return matrix


if 'petsc' in sys.argv:
    petsc_peers()
else:
    scipy_peers()
    petsc_peers()
    if shutil.which('mpiexec'):
        command = ['mpiexec', '-n', '2', sys.executable, __file__, sys.argv[1], sys.argv[2], 'petsc']
        environment = {**os.environ, 'OMPI_ALLOW_RUN_AS_ROOT': '1', 'OMPI_ALLOW_RUN_AS_ROOT_CONFIRM': '1', 'OMPI_MCA_btl_vader_single_copy_mechanism': 'none'}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        print(done.stdout, end='')
        if done.returncode:
            print(f'PETSc on two processes failed: {done.stderr.strip()[-300:]}', file=sys.stderr)
