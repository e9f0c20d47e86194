/** Version of `github.com/pulumi/pulumi/sdk/v3` in the Go programs of the tests. */
export const GO_SDK = "3.274.1";

/** Version of `com.pulumi:pulumi` in the Java programs of the tests. */
export const JAVA_SDK = "1.16.2";
