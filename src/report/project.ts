/** Where this project is published. */
export const PROJECT = 'https://github.com/custos-audit/custos';
