const zh = {};

const en: typeof zh = {};

export const compoundMessages = { zh, en };
