const id = location.pathname.split("/").pop();
const payment = `/demo/payments/${id}`;
const amount = document.getElementById("amount");
const pay = document.getElementById("pay");
const state = document.getElementById("state");

async function call(path, options) {
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  amount.textContent = answer.amount;
  pay.disabled = answer.paid;
  state.textContent = answer.paid ? "Paid, thank you." : "";
}

function tell(error) {
  state.textContent = error.message;
}

pay.addEventListener("click", () => {
  pay.disabled = true;
  call(`${payment}/pay`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })
    .catch((error) => { pay.disabled = false; tell(error); });
});

call(payment).catch(tell);
