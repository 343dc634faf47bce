# Completion of awsmfa in PowerShell. In $PROFILE: awsmfa completions powershell | Out-String | Invoke-Expression
# It calls the program back with the words as they stand on the line: what is typed must not run before Enter.

Register-ArgumentCompleter -Native -CommandName awsmfa -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @()
    foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.StartOffset -ge $cursorPosition) { break }
        if ($words.Count -ge 2 -and $words[1] -ceq 'exec' -and "$element" -ceq '--' -and $element.Extent.EndOffset -lt $cursorPosition) {
            # Another program's line: completed as it would be by itself.
            $rest = $commandAst.Extent.Text.Substring($element.Extent.EndOffset - $commandAst.Extent.StartOffset)
            $rest = $rest.Substring(0, [math]::Min($rest.Length, $cursorPosition - $element.Extent.EndOffset)).TrimStart()
            return (TabExpansion2 $rest $rest.Length).CompletionMatches
        }
        $words += if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $element.Value } else { "$element" }
    }
    # Before 7.3 an empty argument is lost unless its quotes are passed too.
    if ($wordToComplete -eq '') { $words += if (Test-Path Variable:\PSNativeCommandArgumentPassing) { '' } else { '""' } }

    # Not by the hook's function, which loses the --; by the path on the line where there is no other.
    $program = @(Get-Command awsmfa -CommandType Application -ErrorAction Ignore) + $words[0] | Select-Object -First 1
    $before = $env:AWSMFA_COMPLETE
    $env:AWSMFA_COMPLETE = 'powershell'
    try { $answers = & $program -- @words } finally { $env:AWSMFA_COMPLETE = $before }
    foreach ($answer in $answers) {
        $text, $help = $answer -split "`t", 2
        if (-not $help) { $help = $text }
        [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $help)
    }
}
