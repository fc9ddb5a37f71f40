import type { CommandFacts } from '../command-facts.js';

export const programFacts: CommandFacts = { name: 'langevin', description: '', arguments: [], options: [], help: '', commands: [] };
