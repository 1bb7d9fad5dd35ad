/**
 * The names of a node's receivers in the register: its webhook and its flow.
 * @module
 */
export const webhookOf = (nodeId: string): string => `${nodeId}/webhook`;
export const flowOf = (nodeId: string): string => `${nodeId}/flow`;
