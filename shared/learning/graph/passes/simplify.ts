import { arithmeticRules } from './arithmetic-rules'
import { arrangementRules } from './arrangement-rules'
import { broadcastRules } from './broadcast-rules'
import type { Pass } from './optimise'
import { mergeRules, rewrite } from './rewrite'

const rules = mergeRules(broadcastRules, arithmeticRules, arrangementRules)

/** Algebra on single nodes and their neighbours: neutral elements, double negations, rearrangements that cancel, broadcasts that need not be written out. */
export const simplify: Pass = { name: 'simplification', run: (graph, context) => rewrite(graph, rules, context) }
