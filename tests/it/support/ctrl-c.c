/* A program that tidies up at Ctrl-C before it ends, as terraform does: says "#", waits for Ctrl-C, says
   "tidy", ends with 7. For tests/windows.rs. */
#include <stdio.h>
#include <windows.h>

static HANDLE pressed;

static BOOL WINAPI on_ctrl_c(DWORD event) {
  (void)event;
  return SetEvent(pressed);
}

int main(void) {
  pressed = CreateEventA(NULL, TRUE, FALSE, NULL);
  SetConsoleCtrlHandler(on_ctrl_c, TRUE);
  puts("#");
  fflush(stdout);
  if (WaitForSingleObject(pressed, 30000) != WAIT_OBJECT_0) return 1;
  puts("tidy");
  fflush(stdout);
  return 7;
}
