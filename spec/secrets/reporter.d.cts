interface TestResult {
  readonly console?: readonly { readonly message: string; readonly origin: string }[] | null;
  readonly failureMessage?: string | null;
  readonly testResults: readonly { readonly fullName: string; readonly failureMessages: readonly string[] }[];
}

export declare class SecretReporter {
  constructor(config: { readonly rootDir: string });
  onTestResult(test: { readonly path: string }, result: TestResult): void;
  onRunComplete(): void;
  getLastError(): Error | undefined;
}
