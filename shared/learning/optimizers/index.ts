export * from './optimizer'
export * from './registry'
export * from './schedules'
export * from './training-step'
