import type { Agreement, SolveOptions } from './agreements.testing'
import type { KnownAnswer } from './known-answers.testing'
import { problemClasses, type CatalogueProblem } from './problem'

const titles: Readonly<Record<(typeof problemClasses)[number], string>> = {
  elliptic: 'Steady equations', parabolic: 'Diffusion and reaction', waves: 'Waves', hyperbolic: 'Conservation laws', fluids: 'Viscous flow', patterns: 'Patterns', eigenvalues: 'Eigenvalues',
}

/** docs/catalogue.md: every problem by class, in the order of the index, and the measured distances between methods. */
export function cataloguePage(problems: readonly CatalogueProblem[], agreements: readonly Agreement[], answers: readonly KnownAnswer[], measured: ReadonlyMap<string, number>): string {
  const classes = [...new Set(problems.map(classOf))]
  return `${[
    '# The catalogue',
    `${problems.length} problems, written in the language that users type. Take one by its id — \`"problem": { "catalogue": "kdv" }\`, with \`"parameters"\` to change its numbers — or read its statement with`,
    '`npx residuum list problems --json`. Every problem comes with the options of a solve step that shows it well.',
    ...classes.map(name => section(name, problems.filter(problem => classOf(problem) === name))),
    agreementSection(agreements, measured),
    answerSection(answers, measured),
  ].join('\n\n')}\n`
}

const classOf = ({ descriptor }: CatalogueProblem): (typeof problemClasses)[number] => problemClasses.find(name => descriptor.supports?.includes(name))!

function section(name: (typeof problemClasses)[number], problems: readonly CatalogueProblem[]): string {
  return `## ${titles[name]}\n\n${problems.map(entry).join('\n\n')}`
}

function entry({ descriptor: { id, name, summary, equation, reference, supports = [] }, defaults }: CatalogueProblem): string {
  const source = reference ? `*${reference.text}${reference.doi ? `, doi:${reference.doi}` : reference.arxiv ? `, arXiv:${reference.arxiv}` : ''}*` : ''
  const solved = defaults ? `Default: ${optionsText(defaults as SolveOptions)}` : 'No grid reaches it: for neural solvers'
  return [`### ${name} — \`${id}\``, summary, `$$${equation ?? ''}$$`, `${solved}.${supports.includes('exact') ? ' Its exact solution is given.' : ''}`, source].join('\n\n')
}

function optionsText({ method, resolution, ...options }: SolveOptions): string {
  const { time, order } = options as { time?: { tolerance?: number; dt?: number }; order?: number }
  return [method, resolution.join(' × '), ...(order === undefined ? [] : [`order ${order}`]), ...(time?.tolerance === undefined ? [] : [`tolerance ${time.tolerance}`]), ...(time?.dt === undefined ? [] : [`time step ${time.dt}`])].join(', ')
}

const distanceText = (measured: ReadonlyMap<string, number>, problem: string): string => measured.get(problem)!.toExponential(1)

function agreementSection(agreements: readonly Agreement[], measured: ReadonlyMap<string, number>): string {
  const row = ({ problem, a, b, time, eigenvalues, restated }: Agreement): string =>
    `| \`${problem}\` | ${optionsText(a)}${restated ? ` (${restated.as})` : ''} | ${optionsText(b)} | ${eigenvalues === undefined ? (time ?? '') : `${eigenvalues} eigenvalues`} | ${distanceText(measured, problem)} |`
  return [
    '## Two methods, one answer',
    'Methods that share no code, on grids coarse enough for a test. Distance: relative L² on the nodes of the second, over all components of the first unknown (of flows over the velocity), at the time given or at the end; of eigenvalues the largest relative difference. Where the first solves the problem in other words they stand in brackets.',
    ['| problem | first | second | at | distance |', '|---|---|---|---|---|', ...agreements.map(row)].join('\n'),
  ].join('\n\n')
}

function answerSection(answers: readonly KnownAnswer[], measured: ReadonlyMap<string, number>): string {
  const row = ({ problem, options, answer, why, time }: KnownAnswer): string => `| \`${problem}\` | ${optionsText(options)} | ${answer} | ${why} | ${time ?? ''} | ${distanceText(measured, problem)} |`
  return [
    '## One method, a known answer',
    'Problems that only one method of this version takes, against an answer that none of its code computed.',
    ['| problem | method | answer | why no second method | at | distance |', '|---|---|---|---|---|---|', ...answers.map(row)].join('\n'),
  ].join('\n\n')
}
