/**
 * Property tests draw the same cases everywhere, so that a red run can be repeated. `PROPERTY_SEED=7 npm test` draws others;
 * `PROPERTY_SEED=random` new ones each time.
 */
import fc from 'fast-check'

const wanted = process.env.PROPERTY_SEED ?? '20261120'
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) })
