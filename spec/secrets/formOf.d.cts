export declare const formOf: (secret: string, content: string | Buffer) => string | undefined;
