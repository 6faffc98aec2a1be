const zh = {};

const en: typeof zh = {};

export const coverageMessages = { zh, en };
