const zh = {};

const en: typeof zh = {};

export const playerMessages = { zh, en };
