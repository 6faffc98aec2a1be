const zh = {};

const en: typeof zh = {};

export const mapMessages = { zh, en };
