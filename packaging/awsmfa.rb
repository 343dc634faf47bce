# typed: false
# frozen_string_literal: true

# Short-lived, MFA-checked AWS credentials in the shell you are already in.
class Awsmfa < Formula
  desc "Short-lived, MFA-checked AWS credentials in the shell you are already in"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/awsmfa-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256-aarch64-apple-darwin@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/awsmfa-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256-x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/awsmfa-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256-aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/awsmfa-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256-x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "awsmfa"
    man1.install "completions/awsmfa.1"
    bash_completion.install "completions/awsmfa.bash" => "awsmfa"
    zsh_completion.install "completions/_awsmfa"
    fish_completion.install "completions/awsmfa.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/awsmfa --version")
  end
end
